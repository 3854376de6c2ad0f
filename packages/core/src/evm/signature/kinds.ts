import { areaOf, type GeneratorId, generatorIds } from './generators.ts'
import type { Reading, Struct, TypePart } from './hypothesis.ts'

/**
 * What a hypothesis assumes, as a number: the places of its generators in the table, seven bits each, or 0 for none. There are millions of
 * hypotheses and a few hundred such numbers.
 */
export type Kind = number

const places: ReadonlyMap<GeneratorId, number> = new Map(generatorIds.map((id, index) => [id, index + 1]))

export const extended = (kind: Kind, generator: GeneratorId): Kind => kind * 128 + (places.get(generator) ?? 0)
export const kindOf = (generators: readonly GeneratorId[]): Kind => generators.reduce(extended, 0)

export function structKind(own: TypePart, { type, changes }: Struct): Kind {
  let kind = type === own ? 0 : extended(type.also === undefined ? 0 : extended(0, type.also), type.generator)
  for (const change of changes) kind = extended(kind, change.generator)
  return kind
}

function readingKind({ standing, edits }: Reading): Kind {
  return standing === 'guess' ? kindOf(edits.map(({ generator }) => generator)) : 0
}

export function countKinds<T>(items: readonly T[], kindOfItem: (item: T) => Kind): Map<Kind, number> {
  const out = new Map<Kind, number>()
  for (const item of items) {
    const kind = kindOfItem(item)
    out.set(kind, (out.get(kind) ?? 0) + 1)
  }
  return out
}

/** One column that assumes nothing. */
export const nothing: ReadonlyMap<Kind, number> = new Map([[0, 1]])

/** How many hypotheses of each kind a tile has: the kinds of its rows times those of its columns. */
export function tileCounts(rows: ReadonlyMap<Kind, number>, columns: ReadonlyMap<Kind, number>, reading: Reading): Map<string, number> {
  const out = new Map<string, number>()
  for (const [row, rowCount] of rows) {
    for (const [column, columnCount] of columns) {
      const label = labelOf([...generatorsOf(row), ...generatorsOf(column), ...generatorsOf(readingKind(reading))])
      out.set(label, (out.get(label) ?? 0) + rowCount * columnCount)
    }
  }
  return out
}

export function generatorsOf(kind: Kind): GeneratorId[] {
  const out: GeneratorId[] = []
  for (let rest = kind; rest > 0; rest = Math.floor(rest / 128)) {
    const generator = generatorIds[(rest % 128) - 1]
    if (generator !== undefined) out.unshift(generator)
  }
  return out
}

/** One slip is counted under its generator, several under the areas that they are in. */
function labelOf(generators: readonly GeneratorId[]): string {
  const [only, ...others] = generators
  if (only === undefined) return 'as it is'
  return others.length === 0 ? only : generators.map(areaOf).join(' × ')
}
