// The URL after the hash holds the view: #/PAGE/REST?NAME=VALUE.

/** What a hash names: a page, what of it (a board's id, a file's path), and the query. Without a page it is the overview. */
export function parse(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  const values = {};
  for (const part of query.split('&').filter(Boolean)) {
    const equals = part.indexOf('=');
    values[part.slice(0, equals < 0 ? undefined : equals)] = equals < 0 ? '' : decode(part.slice(equals + 1));
  }
  return {name: name || 'overview', rest: rest.map(decode).join('/'), query: values};
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
