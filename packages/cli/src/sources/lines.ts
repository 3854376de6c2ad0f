/** A line as its bytes, or only how long it is where nobody would hold it in memory. */
export interface Line {
  /** Counted from 1. */
  readonly line: number
  readonly bytes: Uint8Array
  /** How many bytes it has; more than `bytes` where it was cut. */
  readonly length: number
}

/** The lines of a stream, one after another, of which no more than `most` bytes each are kept. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Line> {
  let line = 1
  let length = 0
  let kept: Uint8Array[] = []
  const take = (piece: Uint8Array): void => {
    const room = most - length
    if (room > 0 && piece.length > 0) kept.push(piece.subarray(0, room))
    length += piece.length
  }
  const end = (): Line => {
    const done = { line, bytes: kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept), length }
    line++
    length = 0
    kept = []
    return done
  }
  for await (const chunk of stream) {
    let from = 0
    for (let at = chunk.indexOf(lineFeed); at !== -1; at = chunk.indexOf(lineFeed, from)) {
      take(chunk.subarray(from, at))
      yield end()
      from = at + 1
    }
    take(chunk.subarray(from))
  }
  if (length > 0) yield end()
}

const lineFeed = 10
