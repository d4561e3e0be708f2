export * from './ed25519.js'
export * from './statements.js'
