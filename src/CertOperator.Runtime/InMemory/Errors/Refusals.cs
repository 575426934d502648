using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Ownership;

namespace CertOperator.Runtime.InMemory.Errors;

/// <summary>The refusals of an API server, in its words.</summary>
internal static class Refusals
{
    private const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    public static ApiStatusException NotFound(ResourceType type, string name)
        => new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type, name));

    public static ApiStatusException UnknownResource()
        => new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiStatusException AlreadyExists(ResourceType type, string name)
        => new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists", Details(type, name));

    public static ApiStatusException Stale(ResourceType type, string name) => Conflict(type, name, Modified);

    public static ApiStatusException Conflict(ResourceType type, string name, string why)
        => new(409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {why}", Details(type, name));

    public static ApiStatusException Conflict(ApplyConflictException conflict)
        => new(409, "Conflict", conflict.Message, new JsonObject
        {
            ["causes"] = new JsonArray([.. conflict.Causes.Select(cause => Cause("FieldManagerConflict", cause.Message, cause.Field))]),
        });

    public static ApiStatusException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        var what = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        return new ApiStatusException(422, "Invalid", $"{kind} \"{name}\" is invalid: {what}", new JsonObject
        {
            ["name"] = name,
            ["group"] = type.Group,
            ["kind"] = type.Kind,
            ["causes"] = new JsonArray([.. errors.Select(error => Cause(error.Reason, error.Message, error.Field))]),
        });
    }

    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException NamespaceTerminating(ResourceType type, string name, string ns)
    {
        var details = Details(type, name);
        details["causes"] = new JsonArray(Cause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace"));
        return new ApiStatusException(
            403,
            "Forbidden",
            $"{type.QualifiedName} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated",
            details);
    }

    public static ApiStatusException Forbidden(ResourceType type, string name, string why)
        => new(403, "Forbidden", $"{type.QualifiedName} \"{name}\" is forbidden: {why}", Details(type, name));

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    public static ApiStatusException UnknownField(ResourceType type, ObjectKey key, string path)
        => Untyped(type, key, $"{path}: field not declared in schema");

    /// <summary>An applied object does not fit its schema: for this the API server answers 500, without a reason.</summary>
    public static ApiStatusException Untyped(ResourceType type, ObjectKey key, string why)
        => new(500, "", $"failed to create typed patch object ({key}; {type.ApiVersion}, Kind={type.Kind}): {why}");

    public static ApiStatusException TooLarge(int limit)
        => new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }

    private static JsonObject Cause(string reason, string message, string field)
        => new() { ["reason"] = reason, ["message"] = message, ["field"] = field };
}
