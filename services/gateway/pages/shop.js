const form = document.querySelector('#search');
const list = document.querySelector('#products');
const more = document.querySelector('#more');
const notice = document.querySelector('#notice');
let nextCursor = null;

async function get(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? `The shop answered ${answer.status}.`);
  return body;
}

const element = (name, properties, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

const priceOf = ({ amount, currency }) => new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount / 100);

const card = (product) =>
  element(
    'li',
    {},
    element('img', { src: product.imageUrl, alt: '', loading: 'lazy' }),
    element(
      'div',
      {},
      element('h2', { textContent: product.name }),
      element('p', { className: 'price', textContent: priceOf(product.price) }),
      product.available > 0
        ? element('p', { textContent: `${product.available} in stock` })
        : element('p', { className: 'gone', textContent: 'Sold out' }),
    ),
  );

async function show({ append }) {
  const query = new URLSearchParams({ limit: '24' });
  for (const [name, value] of new FormData(form)) if (value !== '') query.set(name, value);
  if (append && nextCursor !== null) query.set('cursor', nextCursor);
  try {
    const page = await get(`/v1/products?${query}`);
    const cards = page.items.map(card);
    if (append) list.append(...cards);
    else list.replaceChildren(...cards);
    nextCursor = page.nextCursor;
    more.hidden = nextCursor === null;
    notice.textContent = list.children.length === 0 ? 'Nothing found.' : '';
  } catch (error) {
    notice.textContent = error.message;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  show({ append: false });
});
form.addEventListener('change', () => show({ append: false }));
more.addEventListener('click', () => show({ append: true }));

await show({ append: false });
const { items } = await get('/v1/categories');
form.elements.category.append(...items.map(({ slug, name }) => element('option', { value: slug, textContent: name })));
