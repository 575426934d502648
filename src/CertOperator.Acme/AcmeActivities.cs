using System.Diagnostics;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme;

/// <summary>
/// Every span of the library. They hold the names of certificates and words of this library: no URL, no token, no text of a server.
/// </summary>
internal static class AcmeActivities
{
    private static readonly ActivitySource Source = new(AcmeMetrics.ActivitySourceName);

    /// <summary>Part of what is done for an order; null if nobody listens.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);

    /// <summary>One HTTP request.</summary>
    public static Activity? Request(AcmeStage stage, string method, Uri url) => !Source.HasListeners() ? null : Source.StartActivity($"ACME {stage}", ActivityKind.Client)?
        .SetTag("acme.endpoint", stage.ToString())
        .SetTag("http.request.method", method)
        .SetTag("server.address", url.Host)
        .SetTag("server.port", url.Port);

    /// <param name="request">From <see cref="Request"/>.</param>
    /// <param name="status">The HTTP status; 0 if there was no reply.</param>
    /// <param name="problem">What the server says of a refusal.</param>
    public static void Answered(Activity? request, int status, AcmeProblem? problem)
    {
        if (request is null) return;
        if (status > 0) request.SetTag("http.response.status_code", status);
        if (status is > 0 and < 400) return;
        var type = status == 0 ? "unreachable" : ProblemTypes.ForMetric(problem?.Type ?? ProblemTypes.None);
        request.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error);
    }
}
