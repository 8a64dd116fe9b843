import { isUtf8 } from 'node:buffer';
import type { ParsedBody } from '../../protocol/json';
import { headerOf, type WebexConnectRequest } from './httpTypes';

/**
 * The text under which a body that cannot be read is kept. Bytes that are no UTF-8, such as a compressed body, would
 * not survive as text; they are kept as base64.
 */
export function textToKeep(bytes: Buffer, text: string): string {
  return isUtf8(bytes) ? text : `base64:${bytes.toString('base64')}`;
}

/** What is left of a body that a parser has read; empty when nothing can be said of it. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** Whether the caller sent a form: then a parser has made something of a body that was meant to be JSON. */
export function isForm(request: WebexConnectRequest): boolean {
  return headerOf(request, 'content-type')?.toLowerCase().includes('urlencoded') ?? false;
}

/** A form is no event, and must not be lost either. */
export function asForm(value: unknown): ParsedBody {
  const isEmpty = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  return isEmpty
    ? { kind: 'empty' }
    : { kind: 'unreadable', reason: 'a body parser has read the body as a form' };
}
