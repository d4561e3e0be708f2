export * from './answers.js'
export * from './requests.js'
export * from './endpoints.js'
