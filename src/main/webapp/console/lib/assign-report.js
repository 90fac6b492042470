// What assigning a file to many boards would do, and doing it.
import {Problem, request} from './api.js';
import {confirm} from './dialog.js';
import {h, put} from './dom.js';
import {clear} from './selection.js';
import {boardLink, note, warnings} from './ui.js';
import {count, plural, route} from './words.js';

/**
 * Shows what a dry run has found, with a button that does it after a last question.
 *
 * @param chipOf the chip that a file's path stands for, or null
 * @param {{query: Record<string, any>, body: BodyInit, basis: string | null, isSelection: boolean}} meant what was asked, and is to be done
 * @param again looks once more, and so takes what has changed since into account
 */
export function showReport(preview, report, meant, isForced, chipOf, again) {
  const boards = report.rows - report.left_out.devices;
  if (boards === 0) {
    put(preview, note('warn', h('p', {}, 'None of these boards has ever reported a version. Say which version is to be replaced.')));
    return;
  }
  const chips = new Map();
  for (const {update_file_path: path, devices} of report.files_before) {
    const chip = chipOf(path) ?? 'not known';
    chips.set(chip, (chips.get(chip) ?? 0) + devices);
  }
  const told = report.files_before.reduce((sum, one) => sum + one.devices, 0);
  if (told < boards) {
    chips.set('nothing assigned', boards - told);
  }
  const later = boards - report.reporting - report.never_polled.devices;
  const fact = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const some = ({devices, first_ids: ids}) => devices === 0 ? 'none'
    : [`${plural(devices, 'board')}: `, ids.map((id, i) => [i ? ', ' : '', boardLink(id)]), devices > ids.length ? ', \u2026' : ''];
  put(preview,
    h('p', {class: 'lead', id: 'preview-lead'}, h('b', {}, plural(boards, 'board')), ' would be assigned ', filesOf(report), '.'),
    h('ul', {class: 'tiles small'}, [['created', 'new'], ['changed', 'changed'], ['same', 'as they are']].map(([name, text]) =>
      h('li', {}, h('div', {class: `tile${report[name] ? '' : ' zero'}`, id: `preview-${name}`}, h('span', {class: 'tile-count'}, count(report[name])), h('span', {class: 'tile-name'}, text))))),
    h('dl', {class: 'facts'},
      fact('Offered at their next poll', h('span', {id: 'preview-reporting'}, plural(report.reporting, 'board'), ', which now ', report.reporting === 1 ? 'reports' : 'report', ' the version to be replaced')),
      later <= 0 ? null : fact('Not offered it now', `${plural(later, 'board')}, which ${later === 1 ? 'reports' : 'report'} another version`),
      fact('Replaces version', report.replaces.map(({replaces_version: version, devices}, i) => [i ? ', ' : '', h('span', {class: 'version'}, version), ` (${count(devices)})`]), most(report.replaces) ? ', \u2026' : null),
      fact('Chip of the file', [...new Set(report.files.map(one => chipOf(one.update_file_path) ?? 'unknown'))].join(', ')),
      fact('Chip of what they are assigned now', [...chips].map(([chip, many], i) => `${i ? ', ' : ''}${chip} (${count(many)})`)),
      fact('Not seen for a week', some(report.not_seen_for_a_week)),
      fact('Never polled', some(report.never_polled)),
      report.left_out.devices === 0 ? null : fact('Left out', `${plural(report.left_out.devices, 'board')}, which never reported a version: say above which one is to be replaced`)),
    warnings(report.warnings),
    report.created + report.changed === 0 ? note('info', h('p', {}, 'All boards already have this assignment: there is nothing to do. ', h('a', {href: route(`watch/${encodeURIComponent(report.files[0].update_file_path)}`)}, 'Watch them'), '.'))
      : h('div', {class: 'buttons'}, h('button', {type: 'button', class: isForced ? 'danger' : 'primary', id: 'apply', onclick: () => apply(preview, report, meant, boards, isForced, again)}, `Ship to ${plural(boards, 'board')}\u2026`)));
}

async function apply(preview, report, meant, boards, isForced, again) {
  const later = boards - report.reporting;
  const isWanted = await confirm(`Ship to ${plural(boards, 'board')}?`, [
    h('p', {}, report.reporting === 0 ? 'None of these boards reports the version to be replaced, so that none is offered '
      : `At ${report.reporting === 1 ? 'its' : 'their'} next poll ${plural(report.reporting, 'board')} ${report.reporting === 1 ? 'is' : 'are'} offered `, filesOf(report),
    report.reporting === 0 ? ' now.' : ', to download and start. What a board has taken can\u2019t be taken back from here.',
    later > 0 && report.reporting > 0 ? ` The other ${plural(later, 'board')} ${later === 1 ? 'isn\u2019t' : 'aren\u2019t'}, unless ${later === 1 ? 'it reports' : 'they report'} the version to be replaced.` : null),
    report.changed === 0 ? null : h('p', {}, `${plural(report.changed, 'board')} ${report.changed === 1 ? 'loses the assignment that it has' : 'lose the assignment that they have'}, and whether ${report.changed === 1 ? 'it has' : 'they have'} updated is counted anew. To stop an update, withdraw it instead.`),
    h('p', {}, `${count(report.created)} get an assignment, ${count(report.changed)} another one than before, ${count(report.same)} stay as they are.`)], 'Ship', isForced ? 'danger' : 'primary');
  if (!isWanted) {
    return;
  }
  try {
    await request('PUT', 'devices', {query: meant.query, body: meant.body, headers: {'If-Match': meant.basis ?? ''}});
    if (meant.isSelection) {
      clear();
    }
    location.hash = route(`watch/${encodeURIComponent(report.files[0].update_file_path)}`);
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    const anew = h('button', {type: 'button', class: 'primary', id: 'again', onclick: again}, 'Preview again');
    const refused = note('bad', h('p', {}, h('b', {}, 'Nothing was changed. '), e.message), e.status === 412 ? anew : null);
    if (e.status === 412) {
      put(preview, refused);
      anew.focus();
    } else {
      preview.append(refused);
    }
  }
}

/** Whether there may be more than the server tells. */
function most(few) {
  return few.length === 6;
}

function filesOf(report) {
  return report.files.length === 1 ? h('span', {class: 'path'}, report.files[0].update_file_path)
    : `${plural(report.files.length, 'file')}${most(report.files) ? ' or more' : ''}`;
}
