// Colours that can be told apart by everybody (after Okabe and Ito), by what they say.
export const colours = {
  good: '#0072B2',
  usual: '#56B4E9',
  warning: '#E69F00',
  bad: '#D55E00',
  neutral: '#999999',
} as const
