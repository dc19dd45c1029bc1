// What a product team writes: the stub of the snippet, and who is there. Everything else is the
// script tag's.
window.tabiji = window.tabiji || function () { (tabiji.q = tabiji.q || []).push(arguments); };

const who = JSON.parse(document.getElementById('who').textContent);
tabiji('group', who.account, { name: who.company });
tabiji('identify', who.user, {
  name: who.name,
  token: who.token,
  renew: () => fetch('/token').then((answer) => answer.text()),
});
