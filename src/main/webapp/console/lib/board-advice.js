// What to do about a board, by its state: for somebody who has never seen it.
import {route} from './words.js';

/** A sentence, and where a link may lead. */
export function advice(board) {
  const files = {href: route('files'), text: 'Update files'};
  switch (board.state) {
    case 'unseen':
      return {text: 'Check that it has power and network, and that its URL, user and certificate are this server\u2019s.', link: {href: route('join'), text: 'How a board joins'}};
    case 'waiting':
      return {text: 'Wait for its next poll. If it reports another version than the one to be replaced, assign it anew.'};
    case 'offered':
      return {text: 'Wait: it is downloading, or about to. It is stuck if nothing changes after some more offers.'};
    case 'updated':
      return {text: 'Nothing: it has what it was offered.'};
    case 'reverted':
      return {text: 'The new firmware came up and was rolled back. Look at its log, and withdraw the update: it is offered it again at each poll.'};
    case 'stuck':
      return {text: 'It doesn\u2019t manage to download or start what it is offered. Look at its log: is there room in its partition, is the image for its chip, can it reach /files?'};
    case 'updated_silent':
      return {text: 'Suspect the image: no board that took it should be trusted before one was looked at. Pause its rollout, or withdraw the file from all boards.', link: files};
    case 'silent':
      return {text: `Check its power and its network${board.remote_addr ? `; its last poll came from ${board.remote_addr}` : ''}. Retired? Forget it.`};
    case 'unavailable':
      return {text: 'Upload its update file again, or assign it another.', link: files};
    default:
      return {text: 'Nothing is planned for it. Assign it an update, or make a rollout for its version.', link: board.app_version === null ? undefined
        : {href: route('new-rollout', {replaces: board.app_version}), text: 'Make a rollout for its version'}};
  }
}

/** Why it is offered something at its next poll, or not: one sentence, by what it reports now. */
export function why(board) {
  const own = board.next_poll.find(one => one.app_version === board.app_version) ?? board.next_poll[0];
  if (!own) {
    return 'No board can poll with such an id.';
  }
  return own.status === 200 ? `Its next poll is offered an update: ${own.reason}.` : `Its next poll is offered nothing: ${own.reason}.`;
}
