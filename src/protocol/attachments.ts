import type { Attachment } from 'botbuilder';
import type { MediaItem } from './media';

/** Content type of media in which no URL was recognised; `content` holds it as it came. */
export const OPAQUE_MEDIA_CONTENT_TYPE = 'application/vnd.webexconnect.media+json';

/** One piece of a customer's or an agent's media, as an attachment. */
export function toAttachment(item: MediaItem): Attachment {
  if (item.kind === 'opaque') return { contentType: OPAQUE_MEDIA_CONTENT_TYPE, content: item.content };
  return {
    contentType: item.contentType,
    contentUrl: item.url,
    ...(item.name !== undefined && { name: item.name }),
  };
}
