export * from './got-transport.js'
export * from './registry-client.js'
export * from './registry-refusal.js'
export * from './transport.js'
