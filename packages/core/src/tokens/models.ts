import { fiatTokens } from './fiat-token.ts'
import type { FamilyModel } from './model.ts'
import { openZeppelin } from './openzeppelin.ts'
import { otherIssuers } from './other-issuers.ts'

/** Every family of token contracts whose order of checks is known, by its id. Ids are public: they never change meaning. */
export const tokenModels = { ...fiatTokens, ...otherIssuers, ...openZeppelin } as const satisfies Record<string, FamilyModel>

export type TokenFamily = keyof typeof tokenModels

export const tokenFamilies = Object.keys(tokenModels) as readonly TokenFamily[]

/** What is known of a family. */
export function modelOf(family: TokenFamily): FamilyModel {
  return tokenModels[family]
}

/** True for the id of a family: for ids that came from outside. */
export function isTokenFamily(text: string): text is TokenFamily {
  return Object.hasOwn(tokenModels, text)
}
