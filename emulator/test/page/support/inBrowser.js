// Runs in the page, as text. Plain functions: what is wrong, one line each.

function isShown(node) {
  return node.checkVisibility({ visibilityProperty: true });
}

function told(node) {
  return `<${node.tagName.toLowerCase()} class="${node.className}">`;
}

function idProblems() {
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  const doubled = ids.filter((id, index) => ids.indexOf(id) !== index);
  return doubled.map((id) => `id ${id} is there twice`);
}

function referenceProblems() {
  const names = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for', 'list', 'popovertarget'];
  return names.flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)]
      .filter((node) =>
        node
          .getAttribute(name)
          .split(' ')
          .some((id) => document.getElementById(id) === null),
      )
      .map((node) => `${told(node)} ${name} names nothing`),
  );
}

function headingProblems() {
  const shown = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(isShown);
  const levels = shown.map((heading) => Number(heading.tagName.slice(1)));
  return shown
    .filter((_, index) => levels[index] > (levels[index - 1] ?? 0) + 1)
    .map((heading) => `the heading "${heading.textContent}" skips a level`);
}

function landmarkProblems() {
  return ['h1', 'main', 'header.top-bar', 'html[lang]']
    .filter((selector) => document.querySelectorAll(selector).length !== 1)
    .map((selector) => `not one ${selector}`);
}

function nestingProblems() {
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(
      (node) =>
        node.parentElement.closest('a[href], button, summary') !== null ||
        (node.matches('button') && node.closest('label') !== null),
    )
    .map((node) => `${told(node)} is inside another control`);
}

function sizeProblems() {
  return [
    ...document.querySelectorAll('button, select, textarea, input:not([type="radio"], [type="checkbox"])'),
  ]
    .filter(isShown)
    .map((node) => ({ node, size: node.getBoundingClientRect() }))
    .filter(({ size }) => size.width < 24 || size.height < 24)
    .map(({ node, size }) => `${told(node)} is ${size.width} x ${size.height}: too small a target`);
}

function focusOrderProblems() {
  return [...document.querySelectorAll('[tabindex]')]
    .filter((node) => Number(node.getAttribute('tabindex')) > 0)
    .map((node) => `${told(node)} breaks the order of focus`);
}

const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
  willReadFrequently: true,
});

/** Whatever way a colour is written, a canvas knows it. */
function rgba(color) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over(front, back) {
  return [0, 1, 2].map((part) => front[part] * front[3] + back[part] * (1 - front[3])).concat(1);
}

function groundOf(node) {
  if (node === null) return rgba('#fff');
  const color = rgba(getComputedStyle(node).backgroundColor);
  return color[3] === 1 ? color : over(color, groundOf(node.parentElement));
}

function luminance(color) {
  const [red, green, blue] = color.map((part) =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function holdsText(node) {
  if (node.matches('input:not([type="radio"], [type="checkbox"]), select, textarea')) return true;
  return [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '');
}

function textProblems() {
  return [...document.body.querySelectorAll('*')]
    .filter((node) => isShown(node) && holdsText(node))
    .map((node) => {
      const ground = groundOf(node);
      return { node, ratio: contrast(over(rgba(getComputedStyle(node).color), ground), ground) };
    })
    .filter(({ ratio }) => ratio < 4.5)
    .map(({ node, ratio }) => `${told(node)} "${node.textContent.trim().slice(0, 30)}": ${ratio.toFixed(2)}`);
}

function borderProblems() {
  return [
    ...document.querySelectorAll('select, textarea, button, input:not([type="radio"], [type="checkbox"])'),
  ]
    .filter((node) => isShown(node) && hasBorder(getComputedStyle(node)))
    .map((node) => {
      const around = groundOf(node.parentElement);
      const border = over(rgba(getComputedStyle(node).borderTopColor), around);
      return { node, ratio: Math.max(contrast(border, around), contrast(groundOf(node), around)) };
    })
    .filter(({ ratio }) => ratio < 3)
    .map(({ node, ratio }) => `border of ${told(node)}: ${ratio.toFixed(2)}`);
}

function hasBorder(style) {
  return style.borderTopWidth !== '0px' && rgba(style.borderTopColor)[3] > 0;
}

[
  idProblems,
  referenceProblems,
  headingProblems,
  landmarkProblems,
  nestingProblems,
  sizeProblems,
  focusOrderProblems,
  textProblems,
  borderProblems,
].flatMap((look) => look());
