// What this browser remembers for its reader: nothing that the server needs.
const PREFIX = `fuota ${location.pathname} `;

/** What was kept under a name; the fallback where nothing was, or the browser keeps nothing. */
export function recall(name, fallback) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows keep nothing: it lasts until a reload.
  }
}
