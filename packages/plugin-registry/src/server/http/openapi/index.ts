export type * from './account-responses.js'
export {type Deployment, openApiDocument} from './document.js'
export {type Operation, operations} from './operations.js'
export type * from './package-responses.js'
