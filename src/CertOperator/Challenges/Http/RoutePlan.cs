using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Http;

/// <summary>The objects that have HTTP-01 requests sent to the operator, and which of them each challenge is sent by.</summary>
/// <param name="Ingresses">Shared by many challenges, or one for a Certificate beside it.</param>
/// <param name="Services">Behind the Ingresses beside Certificates.</param>
/// <param name="HttpRoutes">One for a host and its Gateways.</param>
/// <param name="Routes">By challenge.</param>
internal sealed record RoutePlan(
    IReadOnlyDictionary<ObjectKey, SolverIngress> Ingresses,
    IReadOnlyDictionary<ObjectKey, SolverService> Services,
    IReadOnlyDictionary<ObjectKey, HttpRoute> HttpRoutes,
    IReadOnlyDictionary<ChallengeId, Route> Routes);

/// <summary>The way of one challenge's requests.</summary>
/// <param name="Type">The kind of the object that sends them here; null if that is somebody else's business.</param>
/// <param name="Object">That object.</param>
/// <param name="ClassName">The ingress class, where it is known.</param>
internal sealed record Route(ResourceType? Type, ObjectKey Object, string? ClassName = null)
{
    public static Route External { get; } = new(null, default);
}
