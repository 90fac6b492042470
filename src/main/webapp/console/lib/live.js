// Keeps a page fresh, and tells the reader whether it is.
import {Problem} from './api.js';
import {byId, h, put} from './dom.js';
import {icon} from './ui.js';

const USUAL_GAP = 5000;

const FRESH_SECONDS = 10;

// When all that is shown was last true; and what the last attempt has met since.
let freshAt = null;
let met = null;

/** How old what is shown is, in a word. */
function pulse() {
  const seconds = freshAt === null ? 0 : Math.floor((Date.now() - freshAt) / 1000);
  const age = seconds < FRESH_SECONDS ? null : seconds < 120 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
  const element = byId('pulse');
  const text = met ?? age ?? (freshAt === null ? 'Connecting' : `Live, ${new Date(freshAt).toLocaleTimeString()}`);
  element.dataset.kind = met ? 'bad' : age ? 'old' : freshAt === null ? 'idle' : 'good';
  element.title = freshAt === null ? '' : `What you see is from ${new Date(freshAt).toLocaleTimeString()}`;
  if (byId('pulse-text').textContent !== text) {
    byId('pulse-text').textContent = text;
  }
}

setInterval(pulse, 1000);

/** Tells at the top of the page what is wrong, and what to do. */
export function trouble(e) {
  if (!(e instanceof Problem)) {
    console.error(e);
    e = new Problem('trouble', 0, 'The console itself has failed; reload the page.');
  }
  met = e.kind === 'network' ? 'Offline' : 'Not live';
  pulse();
  const since = freshAt === null ? '' : ` What you see is from ${new Date(freshAt).toLocaleTimeString()}.`;
  const banner = byId('banner');
  const text = e.message + since + (e.kind === 'login' ? ' Log in again to go on.' : ' Trying again by itself.');
  if (banner.textContent !== text) {
    put(banner, h('div', {class: 'note bad'}, icon('warning'), h('div', {}, h('p', {}, text),
      e.kind === 'login' ? h('p', {}, h('button', {type: 'button', onclick: () => location.reload()}, 'Log in again')) : null)));
  }
}

export function fine() {
  freshAt = Date.now();
  met = null;
  pulse();
  byId('banner').replaceChildren();
}

/**
 * Does work now and then again and again, less often where it takes long: a large fleet costs its server the same share of time.
 * Rests while nobody looks. The work gets a signal that ends it.
 */
export function live(work, leastGap = USUAL_GAP) {
  freshAt = null;
  let timer = 0;
  let controller = new AbortController();
  let isClosed = false;

  async function run() {
    clearTimeout(timer);
    controller.abort();
    const own = new AbortController();
    controller = own;
    const begun = performance.now();
    try {
      await work(own.signal);
      if (!own.signal.aborted) {
        fine();
      }
    } catch (e) {
      if (own.signal.aborted) {
        return;
      }
      trouble(e);
    }
    if (!own.signal.aborted && !isClosed) {
      timer = setTimeout(() => document.hidden ? undefined : run(), Math.max(leastGap, 10 * (performance.now() - begun)));
    }
  }

  function look() {
    if (!document.hidden && !isClosed) {
      run();
    }
  }
  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', look);
  return {
    run,
    close() {
      isClosed = true;
      clearTimeout(timer);
      controller.abort();
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', look);
    },
  };
}
