// Every port of the lab, written once. PORT_BASE is added to each, so that two checkouts can run side by side.

/** Default TCP ports by the name of the process (before `PORT_BASE` is added). */
export const ports = {
  api: 8080,
  inventory: 8081,
  payment: 8082,
  payment2: 8092,
  pricing: 8083,
  workshop: 8088,
  bank: 8090,
  erp: 8091,
  link: 8093,
  viewer: 4318,
  postgres: 5442,
} as const

export type PortName = keyof typeof ports
