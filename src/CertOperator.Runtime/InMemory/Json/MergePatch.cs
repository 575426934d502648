using System.Text.Json.Nodes;

namespace CertOperator.Runtime.InMemory.Json;

/// <summary>JSON merge patch, RFC 7386 section 2.</summary>
internal static class MergePatch
{
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject nested:
                    if (target[name] is not JsonObject child) target[name] = child = [];
                    Apply(child, nested);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }
    }
}
