// Text that is hard to read: everything on a page whose contrast is below what WCAG 2.2 asks for (level AA, 1.4.3).
import type { Page } from 'playwright-core'

/** `4.1 "text" in main > p.muted`, one for each. What is disabled, hidden or for screen readers only does not count. */
export const lowContrast = (page: Page): Promise<string[]> => page.evaluate(`(${find})()`) as Promise<string[]>

/** Runs in the page, so it is a text: the test's compiler must not touch it. */
const find = `() => {
  const channels = (css) => { const [r, g, b, a = 1] = css.match(/[\\d.]+/g).map(Number); return { r, g, b, a } }
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a), a: 1 })
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const backgroundOf = (element) => {
    const layers = []
    for (let one = element; one; one = one.parentElement) layers.push(channels(getComputedStyle(one).backgroundColor))
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 })
  }
  const problems = new Set()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim()
    const element = walker.currentNode.parentElement
    if (text === '' || element.closest('script, style, noscript, :disabled, .visually-hidden, .skip, option')) continue
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const style = getComputedStyle(element)
    const background = backgroundOf(element)
    const fill = element.closest('svg') ? style.fill : style.color
    if (!/^rgb/.test(fill)) continue
    const [light, dark] = [luminance(over(channels(fill), background)), luminance(background)].sort((a, b) => b - a)
    const ratio = (light + 0.05) / (dark + 0.05)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio >= (isLarge ? 3 : 4.5)) continue
    problems.add(ratio.toFixed(1) + ' "' + text.slice(0, 40) + '" in ' + element.tagName.toLowerCase() + '.' + element.className)
  }
  return [...problems]
}`
