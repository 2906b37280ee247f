/**
 * TinySync, a self-hosted file drive in one jar: {@code server} is the authority, {@code client} keeps folders
 * convergent.
 *
 * <p>This package holds the entry point and nothing else. Start reading at {@link tinysync.cli}, which turns a command
 * line into a call, then at {@code tinysync.server} or {@code tinysync.client}; the rules that both share are in {@link
 * tinysync.tree} and {@link tinysync.content}. Dependencies point in that order only; a test checks it.
 */
package tinysync;
