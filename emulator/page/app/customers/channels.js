/** @import { Channel } from '../../../src/world' */

/** @type {Readonly<Record<Channel, string>>} */
export const CHANNEL_NAMES = {
  FB: 'Facebook',
  WHATSAPP: 'WhatsApp',
  SMS: 'SMS',
  MMS: 'MMS',
  RCS: 'RCS',
  INSTAGRAM: 'Instagram',
  APPLE: 'Apple Messages',
  WECHAT: 'WeChat',
  TWITTER: 'Twitter DM',
  EMAIL: 'Email',
  VOICE: 'Voice',
  APP: 'Mobile & web',
};

/**
 * @param {string} name
 * @returns {name is Channel}
 */
export function isChannel(name) {
  return Object.hasOwn(CHANNEL_NAMES, name);
}
