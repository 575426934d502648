using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.InMemory.Errors;

/// <summary>What an API server answers instead of doing what was asked: a <c>metav1.Status</c>.</summary>
public sealed class ApiStatusException : Exception
{
    private readonly JsonObject? _details;

    internal ApiStatusException(int code, string reason, string message, JsonObject? details = null, TimeSpan? retryAfter = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        RetryAfter = retryAfter;
        _details = details;
    }

    /// <summary>HTTP status.</summary>
    public int Code { get; }

    /// <summary>Machine-readable reason, e.g. <c>AlreadyExists</c>.</summary>
    public string Reason { get; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    private bool NamespaceTerminating
        => (Code == 404 && (string?)_details?["kind"] == "namespaces")
        || (_details?["causes"] is JsonArray causes && causes.Any(cause => (string?)cause?["reason"] == "NamespaceTerminating"));

    internal JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0) status["reason"] = Reason;
        if (_details is not null) status["details"] = _details.DeepClone();
        if (RetryAfter is { } wait)
        {
            if (status["details"] is not JsonObject details) status["details"] = details = [];
            details["retryAfterSeconds"] = (long)Math.Ceiling(wait.TotalSeconds);
        }

        status["code"] = Code;
        return status;
    }

    internal KubeException ToKubeException() => new(Failure, Message, RetryAfter, NamespaceTerminating);

    private KubeFailure Failure => (Code, Reason) switch
    {
        (400 or 413 or 422, _) => KubeFailure.Invalid,
        (401, _) => KubeFailure.Unauthorized,
        (403, _) => KubeFailure.Forbidden,
        (404, _) => KubeFailure.NotFound,
        (409, "AlreadyExists") => KubeFailure.AlreadyExists,
        (409, _) => KubeFailure.Conflict,
        (410, _) => KubeFailure.Gone,
        (429, _) => KubeFailure.Throttled,
        ( >= 500, _) => KubeFailure.Unavailable,
        _ => KubeFailure.Other,
    };
}
