// How update files are ordered: by project, and in it the newest version first. Pure functions.

/** Numbers as numbers, and a release before what leads to it: 1.10.0 comes before 1.9.0, and 2.0.0 before 2.0.0-rc1. */
export function newerFirst(a, b) {
  const [one, other] = [a, b].map(version => (version ?? '').split(/[.+_-]/));
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const [x, y] = [one[i], other[i]];
    if (x === y) {
      continue;
    }
    if (x === undefined || y === undefined) {
      const rest = x ?? y ?? '';
      // What follows a number makes it newer; a word, such as rc1, makes it older.
      return (/^\d/.test(rest) ? 1 : -1) * (x === undefined ? 1 : -1);
    }
    const numbers = [x, y].map(part => /^\d+$/.test(part) ? Number(part) : null);
    return numbers[0] !== null && numbers[1] !== null ? numbers[1] - numbers[0] : y < x ? -1 : 1;
  }
  return 0;
}

/** Projects in their order, those without one last; each with its files. */
export function byProject(files) {
  const projects = new Map();
  for (const file of files) {
    const name = file.project ?? '';
    projects.set(name, [...projects.get(name) ?? [], file]);
  }
  return [...projects].sort(([a], [b]) => a === '' ? 1 : b === '' ? -1 : a.localeCompare(b))
    .map(([project, own]) => ({project, files: own.sort((a, b) => newerFirst(a.version, b.version) || b.uploaded.localeCompare(a.uploaded))}));
}
