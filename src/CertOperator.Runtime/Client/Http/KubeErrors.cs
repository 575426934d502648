using System.Net;
using System.Security.Authentication;
using System.Text.Json;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Turns refusals and broken connections into <see cref="KubeException"/>s that are safe to log.</summary>
internal static class KubeErrors
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The error that a reply other than 2xx stands for.</summary>
    public static KubeException Of(
        KubeRequest request, HttpResponseMessage response, StatusBody? status, IEnumerable<string> secrets, TimeProvider time)
    {
        var code = (int)response.StatusCode;
        var failure = status is null && !IsPlain(response) ? ForeignFailure(code) : Failure(code, status?.Reason);
        var said = status is null ? Describe(response) : Said(status, secrets);
        var terminating = (status?.Details?.Causes?.Any(cause => cause?.Reason == "NamespaceTerminating") ?? false)
            || (failure == KubeFailure.NotFound && status?.Details?.Kind == "namespaces" && request.Type.Namespaced);
        return new KubeException(
            failure, $"Cannot {request.Purpose}: {said} ({code}).{Advice(failure)}", RetryAfter(response, status, time), terminating);
    }

    /// <summary>The error that an ERROR event of a watch stands for.</summary>
    public static KubeException Of(KubeRequest request, StatusBody status, IEnumerable<string> secrets)
    {
        var code = status.Code ?? 0;
        return new KubeException(Failure(code, status.Reason), $"Cannot {request.Purpose}: {Said(status, secrets)} ({code}).", Asked(status));
    }

    /// <summary>What the caller gets to see of a failure on the way; null if it is none that this layer knows.</summary>
    public static Exception? Translate(KubeRequest request, Exception failure, TimeSpan limit, CancellationToken cancel) => failure switch
    {
        OperationCanceledException when cancel.IsCancellationRequested => new OperationCanceledException(cancel),
        OperationCanceledException => Failed(request, KubeFailure.Unavailable, $"the API server gave no answer within {limit.TotalSeconds:0} s"),
        HttpRequestException or IOException => Failed(request, KubeFailure.Unavailable, Unreachable(failure)),
        JsonException => Failed(request, KubeFailure.Other, "the reply is not what Kubernetes would say"),
        BodyTooLargeException => Failed(request, KubeFailure.Other, failure.Message),
        _ => null,
    };

    public static KubeException Failed(KubeRequest request, KubeFailure failure, string why)
        => new(failure, $"Cannot {request.Purpose}: {why.TrimEnd('.')}.");

    /// <summary>Whether Kubernetes itself, and not some proxy's 404, says that there is no such object.</summary>
    public static bool SaysAbsent(HttpResponseMessage response, StatusBody? status)
        => response.StatusCode == HttpStatusCode.NotFound && status?.Reason == "NotFound";

    public static bool IsJson(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType is "application/json";

    /// <summary>The Status of a refusal; null if it holds none.</summary>
    public static async Task<StatusBody?> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (!IsJson(response)) return null;
        try
        {
            using var body = BodyReader.Open(response, KubeLimits.Status);
            var json = await body.ReadToEndAsync(cancel).ConfigureAwait(false);
            var reader = new Utf8JsonReader(json);
            var status = JsonSerializer.Deserialize(ref reader, WireJson.Default.StatusBody);
            return status?.Kind == "Status" ? status : null;
        }
        catch (Exception failure) when (failure is JsonException or BodyTooLargeException or IOException or HttpRequestException)
        {
            return null; // The code alone has to do.
        }
    }

    private static string Unreachable(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the API server's name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection to the API server",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException tls }
            => $"no trusted connection to the API server: {ServerText.Clean(tls.Message, [])}",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection to the API server",
        _ => "the connection to the API server broke off",
    };

    private static string Said(StatusBody status, IEnumerable<string> secrets)
        => ServerText.Clean(status.Message ?? status.Reason ?? "no reason given", secrets).TrimEnd('.');

    // What the API server itself answers to a path that it does not serve (a kind that is not installed) and, when busy, to anything.
    private static bool IsPlain(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType is null or "text/plain";

    private static KubeFailure Failure(int code, string? reason) => code switch
    {
        400 or 413 or 422 => KubeFailure.Invalid,
        401 => KubeFailure.Unauthorized,
        403 => KubeFailure.Forbidden,
        404 => KubeFailure.NotFound,
        409 => reason == "AlreadyExists" ? KubeFailure.AlreadyExists : KubeFailure.Conflict,
        410 => KubeFailure.Gone,
        429 => KubeFailure.Throttled,
        >= 500 => KubeFailure.Unavailable,
        _ => KubeFailure.Other,
    };

    private static KubeFailure ForeignFailure(int code) => code switch
    {
        429 => KubeFailure.Throttled,
        >= 500 => KubeFailure.Unavailable,
        _ => KubeFailure.Other,
    };

    private static string Describe(HttpResponseMessage response)
        => IsPlain(response) && response.StatusCode == HttpStatusCode.NotFound
            ? "the API server does not serve this kind"
            : $"the reply is not a Kubernetes Status but {ServerText.Clean(response.Content.Headers.ContentType?.MediaType ?? "nothing", [])}";

    private static string Advice(KubeFailure failure) => failure switch
    {
        KubeFailure.Unauthorized => " Check the service account's token or the kubeconfig's user.",
        _ => "",
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response, StatusBody? status, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => Asked(status),
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > LongestRetryAfter ? LongestRetryAfter : asked;
    }

    private static TimeSpan? Asked(StatusBody? status)
        => status?.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}
