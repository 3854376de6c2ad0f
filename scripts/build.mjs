import { prepare } from './workspace.mjs'

prepare()
