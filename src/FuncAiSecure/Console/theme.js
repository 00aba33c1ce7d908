// Light or dark: as the system says, until somebody chooses. The choice lasts as long as the page.

const names = { '': 'automatic', dark: 'dark', light: 'light' };
const order = Object.keys(names);

export function theme(button) {
  let chosen = 0;
  button.addEventListener('click', () => {
    chosen = (chosen + 1) % order.length;
    const name = order[chosen];
    if (name === '') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.textContent = `Theme: ${names[name]}`;
  });
}
