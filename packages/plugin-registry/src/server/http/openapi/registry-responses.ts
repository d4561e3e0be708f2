import * as Type from 'typebox'

import {nullable, stringEnum, text} from './fields.js'

export const Health = Type.Object(
  {
    status: stringEnum(['ok'], {description: 'The registry works.'}),
    version: text('The version of the registry software.', '1.0.0'),
  },
  {title: 'Health', description: 'The state of the registry.'},
)

export const Readiness = Type.Object(
  {
    ...Health.properties,
    blobs: stringEnum(['ok', 'unavailable'], {
      description:
        'Whether tarballs can be published and downloaded. If the blob store is unavailable, those requests get 503, and everything else works.',
    }),
  },
  {title: 'Readiness', description: 'The state of the registry and of its blob store.'},
)

const lifetime = (description: string) => nullable(text(description, '90d'), description)

export const RegistryPolicy = Type.Object(
  {
    maxTokenLifetime: lifetime('The longest lifetime of a new token, or null if there is no limit.'),
    defaultTokenLifetime: lifetime(
      'The lifetime of a new token that is created without `expiresIn`. Null: the maximum, if there is one.',
    ),
    maxTokens: Type.Integer({minimum: 0, description: 'How many tokens an account can have.', example: 1000}),
    confirmAfter: Type.Integer({
      minimum: 0,
      description: 'How old a login can be to create or rotate tokens, in seconds. 0: no limit.',
      example: 600,
    }),
    browserLogin: Type.Optional(
      Type.Literal(true, {description: 'Users can log in with a browser. Absent if they cannot.'}),
    ),
    idempotencyWindow: Type.Integer({
      minimum: 0,
      description:
        'How long an `Idempotency-Key` is valid, in seconds. Until then, the request can be sent again with the same key if its response was lost.',
      example: 86_400,
    }),
  },
  {title: 'RegistryPolicy', description: 'What the operator of the registry allows.'},
)

export const ProblemDetail = Type.Object(
  {
    field: Type.Optional(text('The path of a field in the request.', 'name')),
    message: text('What is wrong.', 'is required'),
    code: Type.Optional(text('The limit that was exceeded.', 'files')),
  },
  {title: 'ProblemDetail', description: 'One problem with a request.'},
)

const ProblemError = Type.Object(
  {
    code: text('The error code. New codes can be added: handle an unknown one by its status.', 'LABEL_TAKEN'),
    message: text('A sentence for the user.', 'The label is already in use'),
    details: Type.Array(ProblemDetail, {description: 'What is wrong with each field.', example: []}),
    requestId: text(
      'The ID of the request, which is also in the log of the registry.',
      '5f0c5a0e-6d53-4f35-8b6f-2f8d5a1f5f6e',
    ),
  },
  {title: 'ProblemError', description: 'What went wrong.'},
)

/** The body of every error. */
export const Problem = Type.Object(
  {
    type: text('The error code as a URN.', 'urn:apkg:problem:label-taken'),
    title: text('What the error code means.', 'The label is already in use'),
    status: Type.Integer({minimum: 400, maximum: 599, description: 'The HTTP status.', example: 409}),
    detail: text('A sentence for the user.', 'The label is already in use'),
    error: ProblemError,
  },
  {title: 'Problem', description: 'An error: problem details (RFC 9457) with an additional object `error`.'},
)
