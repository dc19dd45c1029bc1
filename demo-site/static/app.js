// What a product team writes: the stub of the snippet, and who is there. Everything else is the
// script tag's.
window.tabiji =
  window.tabiji ||
  function () {
    (tabiji.q = tabiji.q || []).push(arguments);
  };

const who = JSON.parse(document.getElementById('who').textContent);
tabiji('group', who.account, { name: who.company });
tabiji('identify', who.user, {
  name: who.name,
  token: who.token,
  renew: () => fetch('/token').then((answer) => answer.text()),
});

// What the widget may do here, for steps that can be done on the spot.
const act = (name) => async (request) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('/actions/' + name, { method: 'POST', headers, body: JSON.stringify(request) });
  if (!answer.ok) throw new Error(answer.status + ' ' + answer.statusText);
  // Who is typing here is not disturbed; the next page shows it.
  if (!request.dry && !document.activeElement?.closest('main form')) refresh().catch(() => {});
  return answer.json();
};
tabiji('action', 'users.create', act('users'));
tabiji('action', 'pipeline.defaults', act('pipeline'));
tabiji('action', 'deals.create', act('deals'));

// The page shows what was changed behind it.
const refresh = async () => {
  const page = await fetch(location.pathname).then((answer) => answer.text());
  const main = new DOMParser().parseFromString(page, 'text/html').querySelector('main');
  document.querySelector('main').replaceWith(main);
};
