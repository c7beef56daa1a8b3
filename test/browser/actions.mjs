// What a reader does and sees, by selector, over the verbs of a driver. Each act waits for the page to draw.

/** In the page: two frames later, so that what was asked for is drawn. */
const frames = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)));
  });

export function actions(driver) {
  const { evaluate } = driver;
  const then = (act) => Promise.resolve(act).then(() => evaluate(frames));

  /** Where in the window the element is, after scrolling to it. */
  const rectangle = (selector) =>
    evaluate((css) => {
      const node = document.querySelector(css);
      node.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = node.getBoundingClientRect();
      return { x, y, width, height };
    }, selector);

  /** From one part of the element's width to another. */
  const drag = async (selector, from, to = from) => {
    const { x, y, width, height } = await rectangle(selector);
    const at = (share) => [x + share * width, y + height / 2];
    await then(driver.pointer(from === to ? [at(from)] : [at(from), at((from + to) / 2), at(to)]));
  };

  return {
    drag,
    click: (selector) => drag(selector, 0.5),
    keys: (keys) => then(driver.keys(keys)),
    scheme: (name) => then(driver.scheme(name)),
    resize: (width, height) => then(driver.resize(width, height)),
    focus: (selector) => evaluate((css) => document.querySelector(css).focus(), selector),
    text: (selector) => evaluate((css) => document.querySelector(css).textContent, selector),
    property: (selector, name) => evaluate((css, n) => document.querySelector(css)[n], selector, name),
    attribute: (selector, name) => evaluate((css, n) => document.querySelector(css).getAttribute(n), selector, name),
    style: (selector, name) => evaluate((css, n) => getComputedStyle(document.querySelector(css))[n], selector, name),
    outline: (selector) => evaluate((css) => document.querySelector(css).innerHTML, selector),
    values: (id) => evaluate((i) => [...document.querySelectorAll(`#${i} .value`)].map((v) => v.textContent), id),
    widths: (selector) =>
      evaluate(
        (css) => [...document.querySelectorAll(css)].map((node) => node.getBoundingClientRect().width),
        selector,
      ),
    sizes: () => evaluate(() => ({ inner: innerWidth, content: document.documentElement.scrollWidth })),
    /** Waits until it is so in the page. */
    async until(condition) {
      while (!(await evaluate(condition))) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  };
}
