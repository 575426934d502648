using System.Globalization;
using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>The immutable record of which manager owns which fields of one object.</summary>
internal sealed class FieldOwnership
{
    /// <summary>Fields that say which object it is: nobody owns them.</summary>
    private static readonly FieldSet Identity = FieldSet.Of(
        new JsonObject
        {
            ["apiVersion"] = "",
            ["kind"] = "",
            ["metadata"] = new JsonObject
            {
                ["name"] = "",
                ["namespace"] = "",
                ["creationTimestamp"] = "",
                ["selfLink"] = "",
                ["uid"] = "",
                ["generation"] = "",
                ["managedFields"] = "",
                ["resourceVersion"] = "",
                ["deletionTimestamp"] = "",
                ["deletionGracePeriodSeconds"] = "",
            },
        },
        FieldShape.Open).Union(FieldSet.Of(false, new() { ["f:metadata"] = FieldSet.Leaf }));

    private readonly IReadOnlyList<FieldOwner> _owners;

    private FieldOwnership(IReadOnlyList<FieldOwner> owners) => _owners = owners;

    public static FieldOwnership None { get; } = new([]);

    /// <summary>The record after a create, replace or patch: what changed belongs to the writer alone.</summary>
    public FieldOwnership AfterUpdate(FieldManager writer, JsonObject? before, JsonObject after, FieldShape shape, DateTimeOffset now)
    {
        var diff = FieldDiff.Between(before ?? [], after, shape);
        var written = diff.AddedOrModified.Except(Identity);
        var lost = written.Union(diff.Removed.Except(Identity));
        if (lost.IsEmpty) return this;

        var mine = _owners.FirstOrDefault(owner => owner.Manager == writer && !owner.Applied);
        var others = _owners.Where(owner => owner != mine).Select(owner => owner with { Fields = owner.Fields.Except(lost) });
        var kept = mine?.Fields.Except(diff.Removed) ?? FieldSet.Empty;
        return Of(others.Append(new FieldOwner(writer, false, now, kept.Union(written))));
    }

    /// <summary>
    /// Server-side apply. The result holds what is applied, keeps what others own, and lacks what this manager applied
    /// before and has left out now.
    /// </summary>
    /// <exception cref="ApplyConflictException">Others own fields that would change, and <paramref name="force"/> is not set.</exception>
    public (JsonObject Merged, FieldOwnership Ownership) Apply(
        FieldManager manager, JsonObject? live, JsonObject applied, bool force, FieldShape shape, DateTimeOffset now)
    {
        var mine = _owners.FirstOrDefault(owner => owner.Manager == manager && owner.Applied);
        var others = _owners.Where(owner => owner != mine).ToList();
        var wanted = FieldSet.Of(applied, shape).Except(Identity);

        var merged = live?.DeepClone().AsObject() ?? [];
        FieldMerge.Into(merged, applied, shape);
        if (mine is not null) FieldMerge.Remove(merged, Abandoned(mine.Fields, [wanted, .. others.Select(owner => owner.Fields)]), shape);

        var diff = FieldDiff.Between(live ?? [], merged, shape);
        var changed = diff.AddedOrModified;
        var conflicts = others.Select(owner => owner with { Fields = owner.Fields.Intersect(changed) }).Where(owner => !owner.Fields.IsEmpty).ToList();
        if (conflicts.Count > 0 && !force) throw new ApplyConflictException(conflicts);

        var lost = changed.Union(diff.Removed);
        var entry = mine is not null && mine.Fields.SetEquals(wanted) ? mine : new FieldOwner(manager, true, now, wanted);
        return (merged, Of(others.Select(owner => owner with { Fields = owner.Fields.Except(lost) }).Append(entry)));
    }

    /// <summary>The same owners of the same fields, whatever the times.</summary>
    public bool SameAs(FieldOwnership other)
        => _owners.Count == other._owners.Count
            && _owners.All(ours => other._owners.Any(
                theirs => theirs.Manager == ours.Manager && theirs.Applied == ours.Applied && theirs.Fields.SetEquals(ours.Fields)));

    public JsonArray ToManagedFields() => new([.. _owners.Select(ToEntry)]);

    private static FieldOwnership Of(IEnumerable<FieldOwner> owners) => new([.. owners.Where(owner => !owner.Fields.IsEmpty)]);

    /// <summary>The paths of <paramref name="former"/> that none of <paramref name="claims"/> holds any more.</summary>
    private static FieldSet Abandoned(FieldSet former, IReadOnlyList<FieldSet> claims)
    {
        var children = new Dictionary<string, FieldSet>();
        foreach (var (element, below) in former.Children)
        {
            var claimed = claims.Select(claim => claim.Children.GetValueOrDefault(element)).OfType<FieldSet>().ToList();

            // A field counts as claimed as soon as something below it is; a list item only if it is itself.
            var kept = PathElement.IsField(element) ? claimed.Count > 0 : claimed.Any(claim => claim.IsMember);
            var owned = PathElement.IsField(element) || below.IsMember;
            var gone = owned && !kept ? FieldSet.Leaf : Abandoned(below, claimed);
            if (!gone.IsEmpty) children[element] = gone;
        }

        return FieldSet.Of(false, children);
    }

    private static JsonObject ToEntry(FieldOwner owner)
    {
        var entry = new JsonObject
        {
            ["manager"] = owner.Manager.Name,
            ["operation"] = owner.Applied ? "Apply" : "Update",
            ["apiVersion"] = owner.Manager.ApiVersion,
            ["time"] = owner.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = owner.Fields.ToFieldsV1(),
        };
        if (owner.Manager.Subresource.Length > 0) entry["subresource"] = owner.Manager.Subresource;
        return entry;
    }
}
