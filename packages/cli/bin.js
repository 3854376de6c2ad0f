#!/usr/bin/env node
// The command, as package managers link it: there before the package is built, which the file that it loads is not.
import './dist/bin.js'
