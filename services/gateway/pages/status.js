const summary = document.querySelector('#summary');
const checks = document.querySelector('#checks');

const row = ({ name, status }) => {
  const item = document.createElement('li');
  const line = document.createElement('div');
  line.textContent = `${name}: ${status}`;
  line.className = status === 'up' ? '' : 'gone';
  item.append(line);
  return item;
};

async function show() {
  try {
    const answer = await fetch('/ready', { cache: 'no-store' });
    const report = await answer.json();
    summary.textContent = answer.ok ? 'Everything works.' : 'A purchase cannot be made at the moment.';
    checks.replaceChildren(...(report.checks ?? []).map(row));
  } catch {
    summary.textContent = 'The shop does not answer.';
    checks.replaceChildren();
  }
}

await show();
setInterval(show, 5000);
