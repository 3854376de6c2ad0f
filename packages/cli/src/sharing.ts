import { findSecrets, noSecrets, type Secrets, type Sharer, sharerOf } from '@eip3009/core'
import { joinSecrets } from '@eip3009/core/internal'
import type { Console } from './console.ts'

/** The same console, on which nothing secret is printed: models are covered before they are rendered, and what is rendered is looked through again. */
export function sharingConsole(console: Console): Console {
  let secrets = noSecrets
  let made: Sharer | undefined
  const know = (more: Secrets): void => {
    secrets = joinSecrets(secrets, more)
    made = undefined
  }
  const sharer = (): Sharer => {
    made ??= sharerOf(secrets)
    return made
  }
  return {
    ...console,
    sharing: { read: (input) => know(findSecrets(input)), know, model: (model) => sharer().model(model) },
    out: (text) => console.out(sharer().text(text)),
    err: (text) => console.err(sharer().text(text)),
  }
}

/** The model that is rendered: without --share it is the one that was made. */
export function shown<T>(model: T, { sharing }: Console, secrets?: () => Secrets): T {
  if (sharing === undefined) return model
  if (secrets !== undefined) sharing.know(secrets())
  return sharing.model(model)
}
