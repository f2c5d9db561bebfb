// Colours that can be told apart by everybody (after Okabe and Ito), by what they say.
export const colours = {
  good: '#0072B2',
  usual: '#56B4E9',
  warning: '#E69F00',
  bad: '#D55E00',
  neutral: '#999999',
} as const

/** Who is who, where several are in one picture. What is outside the shop has one colour, and so has a second instance. */
export const whoIsWho = {
  api: '#0072B2',
  inventory: '#009E73',
  payment: '#CC79A7',
  pricing: '#E69F00',
  postgres: '#56B4E9',
  '(bank|erp|user)': '#D55E00',
  '\\w+-2': '#D55E00',
} as const
