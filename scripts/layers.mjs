/** Core's folders, the highest first. A folder may import from itself and from those below it in this list, never from one above. */
export const layers = [
  'guarded',
  'arguments',
  'regression',
  'signer',
  'diagnosis',
  'checks',
  'solana',
  'money',
  'replay',
  'threads',
  'chain',
  'evidence',
  'signature',
  'revert',
  'payment',
  'tables',
  'rails',
  'sharing',
  'typed-data',
  'causes',
  'networks',
  'tokens',
  'errors',
]

/**
 * Folders that need Node. Everything else runs anywhere, also what does I/O without it: `chain`, which reads RPCs with nothing but fetch, and the
 * Solana rooms `state` and `replay`.
 */
export const withInputOutput = ['regression', 'replay', 'threads']

/** The rooms of the Solana folder, the highest first, by the same rule. */
export const solanaRooms = ['diagnosis', 'replay', 'facilitators', 'state', 'offer', 'transaction']
