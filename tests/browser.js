// What is wrong with a page as it stands in the browser, as sentences; none if nothing is.
// Everything is measured, nothing taken from the style: a rule that another one overrules is no comfort.
() => {
  const wrong = [];
  const say = (what, node) => wrong.push(`${what}: ${where(node)}`);
  const where = (node) => {
    const text = (node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const name = node.getAttribute("class");
    return `<${node.tagName.toLowerCase()}${name ? `.${name}` : ""}> ${text}`;
  };
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  // What is skipped until it comes near the screen has no size before.
  all("*").forEach((node) => {
    if (getComputedStyle(node).contentVisibility === "auto") node.style.contentVisibility = "visible";
  });

  // Nothing is wider than the page; what is wider than its place scrolls there.
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push(`page ${document.documentElement.scrollWidth} px wide`);
  const scrolls = (node) => ["auto", "scroll"].includes(getComputedStyle(node).overflowX);
  const regions = new Set(all("body *").filter((node) => !node.closest("svg") && scrolls(node)));
  const outside = (node) => [...regions].every((region) => region === node || !region.contains(node));
  for (const node of all("body *:not(.skip)")) {
    if (node.closest("svg") && node.tagName !== "svg") continue;
    const box = node.getBoundingClientRect();
    if (box.width && (box.right > width + 1 || box.left < -1) && outside(node)) say("sticks out", node);
  }

  // Texts of a chart lie inside it, are large enough, and do not meet.
  for (const svg of all("svg")) {
    const edge = svg.getBoundingClientRect();
    const boxes = all("text", svg).map((node) => [node, node.getBoundingClientRect()]);
    boxes.forEach(([node, box], at) => {
      if (box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
        say("text outside its chart", node);
      if (parseFloat(getComputedStyle(node).fontSize) * (edge.width / svg.viewBox.baseVal.width) < 8) say(`text too small (${Math.round(edge.width)} px wide)`, node);
      for (const [other, its] of boxes.slice(at + 1)) {
        const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
        const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
        // A line of text has room above and below its letters.
        if (across > 1 && down > 0.3 * Math.min(box.height, its.height)) say(`text over "${other.textContent}"`, node);
      }
    });
  }

  // Contrast of every text with what lies behind it: 4.5:1, large 3:1 (WCAG 2.2, 1.4.3).
  const parts = (color) => {
    const found = color.match(/[\d.]+/g);
    return found ? [...found.slice(0, 3).map(Number), found.length > 3 ? Number(found[3]) : 1] : [0, 0, 0, 0];
  };
  const over = (top, below) => [0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])).concat(1);
  const paper = parts(getComputedStyle(document.body).backgroundColor);
  const ground = (node) => {
    const layers = [];
    for (let up = node; up; up = up.parentElement) layers.push(parts(getComputedStyle(up).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), paper[3] ? paper : [255, 255, 255, 1]);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // Behind a text of a chart: its own halo, else the last shape painted before it, else the page.
  const behind = (text) => {
    const style = getComputedStyle(text);
    if (style.paintOrder.startsWith("stroke") && parseFloat(style.strokeWidth) >= 3) return parts(style.stroke);
    const svg = text.closest("svg");
    const box = text.getBBox();
    const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2).matrixTransform(text.getCTM());
    let found = ground(svg);
    for (const shape of all("path,rect", svg)) {
      if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      const own = getComputedStyle(shape);
      if (own.fill === "none" || !shape.isPointInFill(middle.matrixTransform(shape.getCTM().inverse()))) continue;
      const fill = parts(own.fill);
      found = over([...fill.slice(0, 3), fill[3] * Number(own.fillOpacity)], found);
    }
    return found;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  let texts = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || node.closest("title,style")) continue;
    texts += 1;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    if (range.getBoundingClientRect().right > width + 1 && !node.closest(".skip,svg") && outside(node)) say("text sticks out", node);
    const style = getComputedStyle(node);
    const drawn = node.closest("svg");
    const back = drawn ? behind(node) : ground(node);
    const front = over(parts(drawn ? style.fill : style.color), back);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const found = contrast(front, back);
    if (found < (large ? 3 : 4.5)) {
      const key = [node.tagName, node.getAttribute("class"), style.color, style.fill, back].join();
      if (!seen.has(key)) say(`contrast ${found.toFixed(2)}`, node);
      seen.add(key);
    }
  }
  if (!texts) wrong.push("no text at all");

  // What a screen reader and a keyboard need.
  const named = (node) =>
    node.getAttribute("aria-label") ||
    (node.getAttribute("aria-labelledby") || "").split(" ").some((id) => id && document.getElementById(id)?.textContent.trim());
  for (const table of all("table")) {
    const caption = table.querySelector("caption")?.textContent.trim();
    if (!caption && !named(table) && !(table.closest("[role=region]") && named(table.closest("[role=region]")))) say("table without a name", table);
    // HTML gives a head its scope where no data stand in its row, or none in the first column.
    const first = [...table.rows].every((row) => row.cells[0].tagName === "TH");
    const told = (head) => [...head.parentElement.cells].every((cell) => cell.tagName === "TH") || (first && head.cellIndex === 0);
    all("th", table).forEach((head) => head.scope || told(head) || say("head without a scope", head));
  }
  regions.forEach((region) => {
    if (region.tabIndex < 0) say("scrolls, but not by keyboard", region);
    if (region.getAttribute("role") !== "region" || !named(region)) say("scrolls without a name", region);
  });
  all("svg:not([aria-hidden],[role=none])").forEach((svg) => svg.querySelector("title")?.textContent.trim() || say("picture without words", svg));
  const ids = new Set();
  all("[id]").forEach((node) => (ids.has(node.id) ? wrong.push(`id twice: ${node.id}`) : ids.add(node.id)));
  all("a[href^='#']").forEach((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))) || say("leads nowhere", link));
  let level = 0;
  for (const head of all("h1,h2,h3,h4,h5,h6")) {
    const own = Number(head.tagName[1]);
    if (own > level + 1) say(`heading ${own} under ${level}`, head);
    if (!head.textContent.trim()) say("empty heading", head);
    level = own;
  }
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} h1`);
  return [wrong, texts];
}
