/**
 * What a reader may rely on in every file: the direction of dependencies ({@link tinysync.rules.DependencyRules}) and
 * the habits of the text ({@link tinysync.rules.TextRules}, {@link tinysync.rules.SourceRules}). Each rule is also
 * shown a sample that breaks it.
 */
package tinysync.rules;
