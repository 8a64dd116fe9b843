export { renderMessage } from './renderMessage';
export { splitText } from './splitText';
