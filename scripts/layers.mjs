/** Core's folders, the highest first. A folder may import from itself and from those below it in this list, never from one above. */
export const layers = [
  'diagnosis',
  'checks',
  'replay',
  'evidence',
  'signature',
  'revert',
  'payment',
  'typed-data',
  'causes',
  'networks',
  'errors',
]

/** Folders that run anywhere and do no I/O: everything but these two. */
export const withInputOutput = ['replay']
