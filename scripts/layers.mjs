/** Core's folders, the highest first. A folder may import from itself and from those below it in this list, never from one above. */
export const layers = [
  'regression',
  'signer',
  'diagnosis',
  'checks',
  'solana',
  'replay',
  'threads',
  'chain',
  'evidence',
  'signature',
  'revert',
  'payment',
  'tables',
  'sharing',
  'typed-data',
  'causes',
  'networks',
  'errors',
]

/** Folders that need Node: everything else runs anywhere, also `chain`, which reads RPCs with nothing but fetch. */
export const withInputOutput = ['regression', 'replay', 'threads']

/** The rooms of the Solana folder, the highest first, by the same rule. */
export const solanaRooms = ['diagnosis', 'replay', 'facilitators', 'state', 'offer', 'transaction']
