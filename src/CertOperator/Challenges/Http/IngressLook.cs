using CertOperator.Api;

namespace CertOperator.Challenges.Http;

/// <summary>What solver Ingresses differ in, apart from their rules. Two are equal if <see cref="Text"/> is.</summary>
internal sealed class IngressLook : IEquatable<IngressLook>
{
    public IngressLook(ClassReference reference, LabelsAndAnnotationsSpec? template)
    {
        Class = reference;
        Template = template;
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in template?.Annotations ?? new Dictionary<string, string>())
            annotations[name] = value;
        if (reference.Annotation is not null)
            annotations[Api.Annotations.IngressClass] = reference.Annotation;
        Annotations = annotations.Count > 0 ? annotations : null;
        Text = string.Join('\n', [reference.ClassName ?? "", .. Lines(annotations), .. Lines(template?.Labels)]);
    }

    public ClassReference Class { get; }

    public IReadOnlyDictionary<string, string>? Annotations { get; }

    public LabelsAndAnnotationsSpec? Template { get; }

    public string Text { get; }

    public bool Equals(IngressLook? other) => other?.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as IngressLook);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal static IEnumerable<string> Lines(IReadOnlyDictionary<string, string>? pairs)
        => (pairs ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Append("");
}
