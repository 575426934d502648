namespace CertOperator.Architecture;

/// <summary>An outermost type: what stands inside it, the compiler's closures and state machines included, counts as the type itself.</summary>
/// <param name="Assembly">Simple name of its assembly.</param>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Name">Its name.</param>
internal sealed record TypeIdentity(string Assembly, string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    public bool IsIn(string ns) => Namespace == ns || Namespace.StartsWith(ns + ".", StringComparison.Ordinal);
}

/// <summary>A type's use of another one.</summary>
internal sealed record TypeUse(TypeIdentity User, TypeIdentity Used)
{
    public override string ToString() => $"{User} uses {Used}";
}
