// What makes a scenario harder than another, by its level.
export const levels = ['to read a trace', 'one trace tells it', 'several signals together tell it', 'no trace tells it']
