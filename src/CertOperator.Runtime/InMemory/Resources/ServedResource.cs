using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Ownership;
using CertOperator.Runtime.InMemory.Schemas;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>A kind that the cluster serves, and everything in which it differs from the others.</summary>
internal sealed record ServedResource(ResourceType Type)
{
    public string Singular { get; init; } = Type.Kind.ToLowerInvariant();

    public string ListKind { get; init; } = Type.Kind + "List";

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Writes to the object leave <c>status</c> alone, and there is a door for it.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Counts the changes of everything but metadata and status.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>May be replaced without naming the resourceVersion.</summary>
    public bool UnconditionalReplace { get; init; } = true;

    /// <summary>Set for kinds that a CustomResourceDefinition defines.</summary>
    public StructuralSchema? Schema { get; init; }

    public FieldShape Shape { get; init; } = ObjectShapes.Of();

    /// <summary>Field selectors beyond metadata.name and metadata.namespace, with the value where the field is absent.</summary>
    public IReadOnlyDictionary<string, string> SelectableFields { get; init; } = new Dictionary<string, string>();

    /// <summary>What a name of this kind must look like.</summary>
    public NameRule NameRule { get; init; } = NameRule.Subdomain;

    /// <summary>Fills in what the API server would, before a new object is checked.</summary>
    public Action<JsonObject> Default { get; init; } = _ => { };

    /// <summary>Rules of the kind; the second argument is the stored object, null on creation.</summary>
    public Func<JsonObject, JsonObject?, IEnumerable<FieldError>> Check { get; init; } = (_, _) => [];

    public override string ToString() => Type.QualifiedName;
}
