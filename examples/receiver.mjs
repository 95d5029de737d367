import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const SIZE_MAX = 4 * 1024 * 1024;
const webhook = new Webhook(process.env.MOA_WEBHOOK_SECRET);
// In production: a unique key in your database, in the transaction that stores the event's data.
const seen = new Set();
// The sequence of the latest event of each subject.
const latest = new Map();

const receive = async (request) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) if ((size += chunk.length) <= SIZE_MAX) chunks.push(chunk);
  if (size > SIZE_MAX) return 413; // Moa then sends fewer events at a time.
  let events;
  try {
    events = webhook.verify(Buffer.concat(chunks), request.headers); // Over the received bytes.
  } catch {
    return 401;
  }
  for (const { id, type, subject, sequence, data } of events) {
    if (seen.has(id)) continue;
    // A replayed event may be older than one that arrived before. Times may be equal.
    const isLatest = sequence > (latest.get(subject) ?? '');
    if (isLatest) latest.set(subject, sequence);
    console.log(isLatest ? 'latest' : 'older', type, subject, JSON.stringify(data));
    seen.add(id);
  }
  return 204;
};

createServer(async (request, response) => {
  const status = await receive(request).catch(() => 500);
  response.writeHead(status).end();
}).listen(process.env.PORT ?? 4000, '127.0.0.1');
