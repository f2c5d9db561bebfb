// What every page without scripts has around its content.
import { type Html, html, trusted } from './html.ts'
import { style } from './style.ts'

/** `head` is what a page adds to its head, `ownStyle` to the common style. */
export function documentOf(
  { title, ownStyle = '', head }: { title: string; ownStyle?: string; head?: Html | undefined },
  content: Html,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}
<title>${title} · Slow Sometimes</title>
<link rel="icon" href="data:,">
<style>${trusted(style + ownStyle)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.markup
}
