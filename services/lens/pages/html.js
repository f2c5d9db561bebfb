// Preact with htm: the one place that says which template function and which hooks the pages use.
import htm from 'htm'
import { h } from 'preact'

export { render } from 'preact'
export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
export const html = htm.bind(h)
