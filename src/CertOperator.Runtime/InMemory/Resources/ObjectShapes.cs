using CertOperator.Runtime.InMemory.Ownership;

namespace CertOperator.Runtime.InMemory.Resources;

/// <summary>
/// How the kinds that every cluster has are taken apart by server-side apply: what their published schemas mark as
/// <c>listType=map|set</c> or <c>mapType=atomic</c>.
/// </summary>
internal static class ObjectShapes
{
    private static readonly FieldShape Metadata = FieldShape.Object(
        ("finalizers", FieldShape.SetOfScalars),
        ("ownerReferences", FieldShape.ListMap(["uid"], FieldShape.AtomicMap)));

    private static readonly FieldShape ConditionsOnly = FieldShape.Object(("conditions", FieldShape.ListMap(["type"])));

    private static readonly FieldShape Container = FieldShape.Object(
        ("env", FieldShape.ListMap(["name"])),
        ("ports", FieldShape.ListMap(["containerPort", "protocol=TCP"])),
        ("volumeMounts", FieldShape.ListMap(["mountPath"])),
        ("volumeDevices", FieldShape.ListMap(["devicePath"])));

    private static readonly FieldShape PodTemplate = FieldShape.Object(
        ("metadata", Metadata),
        ("spec", FieldShape.Object(
            ("containers", FieldShape.ListMap(["name"], Container)),
            ("initContainers", FieldShape.ListMap(["name"], Container)),
            ("volumes", FieldShape.ListMap(["name"])),
            ("imagePullSecrets", FieldShape.ListMap(["name"])),
            ("nodeSelector", FieldShape.AtomicMap),
            ("topologySpreadConstraints", FieldShape.ListMap(["topologyKey", "whenUnsatisfiable"])))));

    public static FieldShape Workload { get; } = Of(
        ("spec", FieldShape.Object(("selector", FieldShape.AtomicMap), ("template", PodTemplate))),
        ("status", ConditionsOnly));

    public static FieldShape Service { get; } = Of(
        ("spec", FieldShape.Object(
            ("selector", FieldShape.AtomicMap),
            ("ports", FieldShape.ListMap(["port", "protocol=TCP"])))),
        ("status", ConditionsOnly));

    public static FieldShape WithConditions { get; } = Of(("status", ConditionsOnly));

    public static FieldShape Event { get; } = Of(("involvedObject", FieldShape.AtomicMap), ("related", FieldShape.AtomicMap));

    public static FieldShape IngressClass { get; } = Of(("spec", FieldShape.Object(("parameters", FieldShape.AtomicMap))));

    /// <summary>An object with these fields apart from its metadata.</summary>
    public static FieldShape Of(params (string Name, FieldShape Shape)[] fields) => FieldShape.Object([("metadata", Metadata), .. fields]);

    /// <summary>A custom object: the schema's shape and ordinary metadata.</summary>
    public static FieldShape Of(FieldShape schema)
        => schema with { Fields = new Dictionary<string, FieldShape>(schema.Fields ?? new Dictionary<string, FieldShape>()) { ["metadata"] = Metadata } };
}
